const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function* steps<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await wait(1);
    yield item;
  }
}
for await (const step of steps<string>(["one", "two"])) console.log(step);
