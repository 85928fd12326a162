using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Verb.Bench.FanOut;

/// <summary>A client that is as cheap as it can be: it counts the server's frames and looks at none.</summary>
internal sealed class Member : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private static readonly byte[] Buffer = new byte[BufferBytes];
    private readonly byte[] _header = new byte[10];
    private int _headerBytes;
    private long _payloadLeft;
    private long _expected;

    /// <summary>Frames received so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Whether everything expected has come.</summary>
    public bool HasAll => Frames >= _expected;

    /// <summary>So many frames more are to come, from now.</summary>
    public void Expect(int frames) => _expected = Frames + frames;

    public static async Task<Member> Join(int port, string room, bool echo = true)
    {
        var member = new Member();
        await member._socket.ConnectAsync(IPAddress.Loopback, port);
        await member._socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await member.ReadResponse();
        member.Send($$"""{"type":"join_room","roomId":"{{room}}","echo":{{(echo ? "true" : "false")}}}""");
        member._socket.Blocking = false;
        return member;
    }

    /// <summary>Sends a text frame several times, in one write.</summary>
    public void Send(string text, int times = 1)
    {
        var frame = Frame(Encoding.UTF8.GetBytes(text));
        var frames = new byte[frame.Length * times];
        for (var i = 0; i < times; i++)
            frame.CopyTo(frames, i * frame.Length);
        _socket.Send(frames);
    }

    /// <summary>Masked with zeros.</summary>
    private static byte[] Frame(byte[] payload)
    {
        var isShort = payload.Length < 126;
        var header = isShort ? 6 : 8;
        var frame = new byte[header + payload.Length];
        frame[0] = 0x81;
        frame[1] = (byte)(0x80 | (isShort ? payload.Length : 126));
        if (!isShort)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame, header);
        return frame;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadResponse()
    {
        var seen = 0;
        var one = new byte[1];
        while (seen < 4)
        {
            if (await _socket.ReceiveAsync(one) == 0)
                throw new IOException("The server closed during the handshake.");
            seen = one[0] == "\r\n\r\n"[seen] ? seen + 1 : one[0] == '\r' ? 1 : 0;
        }
    }

    /// <summary>Takes what has arrived, without waiting.</summary>
    public void Take()
    {
        var count = _socket.Receive(Buffer, SocketFlags.None, out var error);
        if (error == SocketError.Success)
            Count(Buffer.AsSpan(0, count));
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        var frames = 0;
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var skipped = (int)Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes < 2 || _headerBytes < HeaderLength)
                continue;
            _payloadLeft = PayloadLength;
            _headerBytes = 0;
            frames++;
        }

        Frames += frames;
    }

    private int HeaderLength => _header[1] switch { 126 => 4, 127 => 10, _ => 2 };

    private long PayloadLength => _header[1] switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        127 => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
        var length => length,
    };
}
