using System.Text;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>A room's message with its place in the room's order.</summary>
/// <param name="Seq">Its number within the room's epoch, from 1, without gaps.</param>
/// <param name="MessageId">The sender's own id, or one drawn for it.</param>
/// <param name="From">Who published it.</param>
/// <param name="Message">The JSON value as the bytes that came. Never changed once handed over.</param>
/// <param name="Timestamp">When the room took it, Unix milliseconds.</param>
public sealed record Publication(long Seq, string MessageId, User From, ReadOnlyMemory<byte> Message, long Timestamp)
{
    private const int Envelope = 112;

    /// <summary>About how many bytes it takes in a <c>message_history</c>; what page sizes are counted in.</summary>
    public int Size => Envelope + Message.Length + MessageId.Length
        + Encoding.UTF8.GetByteCount(From.Id.Value) + Encoding.UTF8.GetByteCount(From.Username) + From.Role.Length;
}
