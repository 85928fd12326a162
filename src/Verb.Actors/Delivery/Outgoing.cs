namespace Verb.Actors.Delivery;

/// <summary>One immutable message to clients, encoded once per wire format however many sockets share it.</summary>
public sealed class Outgoing
{
    private const int FirstSmall = 2;
    private const int LastSmall = 7;

    // Two threads may encode the same message at once; both results are equal and one of them stays.
    private byte[]? _plain;
    private byte[]? _deflated;
    private byte[]?[]? _deflatedSmall;

    /// <summary>A single message. The payload is not copied and must not change.</summary>
    public Outgoing(ReadOnlyMemory<byte> payload, FrameKind kind)
    {
        Payload = payload;
        Kind = kind;
        Bytes = payload.Length;
    }

    private Outgoing(IReadOnlyList<Outgoing> parts, int bytes)
    {
        Parts = parts;
        Kind = parts[0].Kind;
        Bytes = bytes;
    }

    /// <summary>The message's bytes; empty for a joined one.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Text or binary; of a joined one, its first part's.</summary>
    public FrameKind Kind { get; }

    /// <summary>Payload bytes, of all parts.</summary>
    public int Bytes { get; }

    /// <summary>The messages this one joins, none of them joined itself; null for a single message.</summary>
    public IReadOnlyList<Outgoing>? Parts { get; }

    /// <summary>How many messages it is.</summary>
    public int Count => Parts?.Count ?? 1;

    /// <summary>Several messages, delivered back to back. At least one; joined parts are taken apart.</summary>
    public static Outgoing Join(IReadOnlyList<Outgoing> parts)
    {
        if (parts.Count == 0)
            throw new ArgumentException("Nothing to join.", nameof(parts));
        if (parts.Count == 1)
            return parts[0];

        var flat = new List<Outgoing>(parts.Count);
        var bytes = 0;
        foreach (var part in parts)
        {
            bytes = checked(bytes + part.Bytes);
            if (part.Parts is { } inner)
                flat.AddRange(inner);
            else
                flat.Add(part);
        }

        return new Outgoing(flat, bytes);
    }

    /// <summary>The framed bytes in <paramref name="format"/>; kept for the next socket where the format is shareable.</summary>
    public ReadOnlyMemory<byte> Encoded(IWireFormat format) => format.Slot switch
    {
        0 => _plain ??= Encode(format),
        1 => _deflated ??= Encode(format),
        >= FirstSmall and <= LastSmall => EncodedSmall(format),
        _ => Encode(format),
    };

    private byte[] EncodedSmall(IWireFormat format)
    {
        var slots = LazyInitializer.EnsureInitialized(ref _deflatedSmall, static () => new byte[]?[LastSmall - FirstSmall + 1]);
        return slots[format.Slot - FirstSmall] ??= Encode(format);
    }

    private byte[] Encode(IWireFormat format)
    {
        if (Parts is not { } parts)
            return format.Encode(Payload.Span, Kind);

        var length = 0;
        foreach (var part in parts)
            length = checked(length + part.Encoded(format).Length);

        var joined = new byte[length];
        var rest = joined.AsSpan();
        foreach (var part in parts)
        {
            var encoded = part.Encoded(format).Span;
            encoded.CopyTo(rest);
            rest = rest[encoded.Length..];
        }

        return joined;
    }
}
