import asyncio


async def fails():
    await asyncio.sleep(0)
    raise LookupError("inside a task")


async def main():
    await fails()


asyncio.run(main())
