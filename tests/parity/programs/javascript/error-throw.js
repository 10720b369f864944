function outer() {
  return inner(1);
}
function inner(n) {
  console.log("before");
  throw new TypeError(`bad é ${n}`);
}
outer();
