// Flips the front of every permutation until a 1 is in front: the most flips, and a checksum.
const clock = globalThis.performance ?? Date;
const start = clock.now();

function fannkuch(n) {
  const order = Array.from({ length: n }, (_, i) => i);
  const count = new Array(n).fill(0);
  let most = 0;
  let checksum = 0;
  let r = n;
  for (let index = 0; ; index += 1) {
    for (; r > 1; r -= 1) count[r - 1] = r;
    if (order[0] !== 0) {
      const work = order.slice();
      let flips = 0;
      for (let first = work[0]; first !== 0; first = work[0]) {
        for (let i = 0, j = first; i < j; i += 1, j -= 1) {
          const kept = work[i];
          work[i] = work[j];
          work[j] = kept;
        }
        flips += 1;
      }
      most = Math.max(most, flips);
      checksum += index & 1 ? -flips : flips;
    }
    for (; ; r += 1) {
      if (r === n) return `${checksum}/${most}`;
      order.splice(r, 0, order.shift());
      count[r] -= 1;
      if (count[r] > 0) break;
    }
  }
}

const answer = fannkuch(8);
console.log(`${clock.now() - start} ${answer}`);
