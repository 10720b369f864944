let total = 0;
for await (const chunk of process.stdin) total += chunk.length;
console.log("bytes", total);
