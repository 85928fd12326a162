using System.Buffers.Binary;

namespace Verb.TestKit.Hosting;

/// <summary>Takes a server's frames out of what has been received, and joins fragments. Messages are valid until more is received.</summary>
internal sealed class ServerFrames
{
    private const int InitialBytes = 4096;

    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private MemoryStream? _fragments;
    private SocketMessageKind _fragmented;

    /// <summary>Room for what comes next; <see cref="Received"/> says how much of it was filled.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end == _buffer.Length)
        {
            var target = _start > _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
            _buffer.AsSpan(_start, _end - _start).CopyTo(target);
            (_buffer, _end, _start) = (target, _end - _start, 0);
        }

        return _buffer.AsMemory(_end);
    }

    public void Received(int bytes) => _end += bytes;

    public bool TryRead(out SocketMessage message)
    {
        message = default;
        while (TryReadFrame(out var final, out var opcode, out var payload))
        {
            if (opcode >= 8)
            {
                message = new SocketMessage(KindOf(opcode), payload);
                return true;
            }

            if (opcode != 0)
                _fragmented = KindOf(opcode);
            if (final && _fragments is null)
            {
                message = new SocketMessage(_fragmented, payload);
                return true;
            }

            (_fragments ??= new MemoryStream()).Write(payload.Span);
            if (!final)
                continue;
            message = new SocketMessage(_fragmented, _fragments.ToArray());
            _fragments = null;
            return true;
        }

        return false;
    }

    private bool TryReadFrame(out bool final, out int opcode, out ReadOnlyMemory<byte> payload)
    {
        (final, opcode, payload) = (false, 0, default);
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < 2)
            return false;
        if ((bytes[1] & 0x80) != 0)
            throw new InvalidDataException("The server masked a frame.");
        var header = bytes[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header)
            return false;
        var length = header switch
        {
            2 => bytes[1],
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
        };
        if (bytes.Length - header < length)
            return false;
        (final, opcode) = ((bytes[0] & 0x80) != 0, bytes[0] & 0x0F);
        payload = _buffer.AsMemory(_start + header, length);
        _start += header + length;
        return true;
    }

    private static SocketMessageKind KindOf(int opcode) => opcode switch
    {
        1 => SocketMessageKind.Text,
        2 => SocketMessageKind.Binary,
        8 => SocketMessageKind.Close,
        9 => SocketMessageKind.Ping,
        10 => SocketMessageKind.Pong,
        _ => throw new InvalidDataException($"The server sent the opcode {opcode}."),
    };
}
