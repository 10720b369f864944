interface Row {
  id: number;
  name: string;
}

const rows: Row[] = [{ id: 1, name: "a" }];

function find(id: number): Row {
  const row: Row | undefined = rows.find((r): boolean => r.id === id);
  if (!row) throw new RangeError(`no row ${id}`);
  return row;
}

console.log(find(1).name);
find(2);
