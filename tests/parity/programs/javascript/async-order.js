const log = [];
setTimeout(() => log.push("timeout 5"), 5);
setTimeout(() => log.push("timeout 0"), 0);
const ticking = setInterval(() => {
  log.push("interval");
  clearInterval(ticking);
}, 1);
queueMicrotask(() => log.push("microtask"));
Promise.resolve()
  .then(() => log.push("then 1"))
  .then(() => log.push("then 2"));
(async () => {
  log.push("sync part");
  await null;
  log.push("after await");
})();
log.push("main");
await new Promise((resolve) => setTimeout(resolve, 40));
console.log(log.join("\n"));
const results = await Promise.allSettled([
  1,
  Promise.reject(new Error("no")),
  new Promise((r) => setTimeout(r, 1, "late")),
]);
console.log(results.map((r) => r.status + ":" + (r.value ?? r.reason.message)));
console.log(
  await Promise.race([new Promise((r) => setTimeout(r, 50, "slow")), "fast"]),
  await Promise.any([Promise.reject(1), 2]),
);
async function* numbers() {
  yield 1;
  await null;
  yield 2;
}
for await (const n of numbers()) console.log("async", n);
