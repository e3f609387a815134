# SPDX-License-Identifier: Apache-2.0
"""tasks_server.py PACKAGES asyncio|uvloop: an aiohttp server whose handlers wait, with requests under way; see tasks.py."""

import asyncio
import json
import os
import sys

sys.path.insert(0, sys.argv[1])
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import aiohttp  # noqa: E402
from aiohttp import web  # noqa: E402

import tasks  # noqa: E402

REQUESTS = 5


async def query(number, waiting):
    waiting.append(number)
    await asyncio.sleep(1000)


async def load(number, waiting):
    await query(number, waiting)


async def main():
    waiting = []

    async def handler(request):
        await load(int(request.match_info["number"]), waiting)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{number}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        async def ask(number):
            async with session.get(f"http://127.0.0.1:{port}/{number}") as response:
                await response.read()
        clients = [asyncio.create_task(ask(i), name=f"client {i}") for i in range(REQUESTS)]
        while len(waiting) < REQUESTS:
            await asyncio.sleep(0.001)
        print(json.dumps({"loop": type(asyncio.get_running_loop()).__module__, **tasks.describe()}), flush=True)
        import threading
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        await asyncio.wait(clients)


if sys.argv[2] == "uvloop":
    import uvloop
    uvloop.run(main())
else:
    asyncio.run(main())
