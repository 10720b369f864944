console.log(process.argv.slice(1), process.argv.length);
console.log(Object.entries(process.env).sort(([a], [b]) => (a < b ? -1 : 1)));
console.log(process.env.GREETING, process.env.MISSING, process.cwd(), process.platform, typeof process.pid);
