import asyncio


async def worker(name, delay, log):
    for step in range(3):
        await asyncio.sleep(delay)
        log.append(f"{name}{step}")
    return name


async def main():
    log = []
    done = await asyncio.gather(worker("a", 0, log), worker("b", 0.05, log))
    print(done, log)
    queue = asyncio.Queue(2)

    async def produce():
        for i in range(5):
            await queue.put(i)
        await queue.put(None)

    task = asyncio.create_task(produce())
    items = []
    while (item := await queue.get()) is not None:
        items.append(item)
    await task
    print(items)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        print("timed out")
    async with asyncio.TaskGroup() as group:
        first = group.create_task(asyncio.sleep(0, "tg"))
    print(first.result())


asyncio.run(main())
