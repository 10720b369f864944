# await at the top level, as in a notebook.
import asyncio


async def numbers():
    for i in range(3):
        await asyncio.sleep(0)
        yield i


values = [i async for i in numbers()]
print(values)
result = await asyncio.gather(asyncio.sleep(0, "x"), asyncio.sleep(0.005, "y"))
print(result)
await asyncio.sleep(0, sum(values))
