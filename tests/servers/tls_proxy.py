"""Encrypts connections to a port and passes them on to another one, with a certificate for "localhost".

python tls_proxy.py PORT TARGET AUTHORITY.pem

The authority that signed the certificate is written to the file.
"""

import asyncio
import os
import ssl
import sys

import trustme


async def pass_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def main(port, target, authority_file):
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)

    async def connect(reader, writer):
        there = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    server = await asyncio.start_server(connect, "127.0.0.1", port, ssl=context)
    authority.cert_pem.write_to_path(authority_file + ".new")
    os.rename(authority_file + ".new", authority_file)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
