.bail on
.headers on
.mode csv
pragma page_size = 4096;
create table author (id integer primary key, name text not null unique);
create table book (
  id integer primary key,
  author integer not null references author (id),
  title text not null,
  pages integer check (pages > 0),
  price real
);
begin;
insert into author (name) values ('Ada Lovelace'), ('Grace Hopper'), ('Ünsal Ö.');
with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
insert into book (author, title, pages, price)
select i % 3 + 1, 'Book ' || i, i * 7 % 900 + 20, round(i * 1.37 - i / 3, 2) from n;
commit;
create index by_pages on book (pages);
create view shelf as
select author.name, count(*) as books, sum(pages) as pages, round(avg(price), 3) as price
from book join author on author.id = book.author group by author.id;
select * from shelf;
select title, pages from book where pages between 300 and 302 order by pages, id limit 7;
explain query plan select title from book where pages = 300;
begin;
delete from book;
rollback;
update book set price = price * 2 where id % 1000 = 0;
select group_concat(id || ':' || price, ' ') from book where id % 1000 = 0;
create table scratch as select * from book;
drop table scratch;
vacuum;
pragma integrity_check;
select count(*), upper('ü'), hex('ü'), length('ünï'), date(0, 'unixepoch') from book;
