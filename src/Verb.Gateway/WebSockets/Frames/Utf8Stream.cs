using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>Validates UTF-8 that comes in pieces, and refuses at the first byte after which no valid text is possible.</summary>
internal struct Utf8Stream
{
    private const int LongestSequence = 4;
    private uint _pending;
    private int _pendingLength;

    /// <summary>True when no character is left half-way.</summary>
    public readonly bool IsComplete => _pendingLength == 0;

    /// <summary>Takes the next piece; false once the text can no longer become valid.</summary>
    public bool Append(ReadOnlySpan<byte> piece)
    {
        if (_pendingLength > 0 && !FinishPending(ref piece))
            return false;

        var tail = UnfinishedTail(piece);
        if (!Utf8.IsValid(piece[..^tail]))
            return false;

        return tail == 0 || Keep(piece[^tail..]);
    }

    private bool FinishPending(ref ReadOnlySpan<byte> piece)
    {
        Span<byte> sequence = stackalloc byte[LongestSequence];
        while (piece.Length > 0)
        {
            var length = _pendingLength + 1;
            _pending |= (uint)piece[0] << (8 * _pendingLength);
            _pendingLength = length;
            piece = piece[1..];

            for (var i = 0; i < length; i++)
                sequence[i] = (byte)(_pending >> (8 * i));

            switch (Rune.DecodeFromUtf8(sequence[..length], out _, out _))
            {
                case OperationStatus.Done:
                    this = default;
                    return true;
                case OperationStatus.InvalidData:
                    return false;
            }
        }

        return true;
    }

    private bool Keep(ReadOnlySpan<byte> tail)
    {
        for (var i = 0; i < tail.Length; i++)
            _pending |= (uint)tail[i] << (8 * i);
        _pendingLength = tail.Length;
        return Rune.DecodeFromUtf8(tail, out _, out _) == OperationStatus.NeedMoreData;
    }

    private static int UnfinishedTail(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back < LongestSequence && back <= piece.Length; back++)
        {
            var b = piece[^back];
            if (b < 0x80)
                return 0;
            if (b >= 0xC0)
                return SequenceLength(b) > back ? back : 0;
        }

        return 0;
    }

    private static int SequenceLength(byte lead) => lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}
