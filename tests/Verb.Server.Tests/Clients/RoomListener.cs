using System.Buffers.Text;
using System.Text;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Clients;

/// <summary>A member that notes the seq of every room message it gets, in the order they come.</summary>
internal sealed class RoomListener(SocketClient client)
{
    private static readonly byte[] ChatStart = Encoding.UTF8.GetBytes("""{"type":"chat",""");
    private static readonly byte[] SeqField = Encoding.UTF8.GetBytes("\"seq\":");

    public List<long> Seqs { get; } = [];

    public SocketClient Client => client;

    /// <summary>Reads until the message with this seq came.</summary>
    public async Task ReadTo(long seq)
    {
        while (Seqs.Count == 0 || Seqs[^1] < seq)
        {
            var message = await client.ReceiveAsync();
            switch (message.Kind)
            {
                case SocketMessageKind.Text when message.Payload.Span.StartsWith(ChatStart):
                    Seqs.Add(SeqOf(message.Payload.Span));
                    break;
                case SocketMessageKind.Close:
                    throw new InvalidOperationException($"Closed with {message.CloseReason} after {Seqs.Count} messages.");
                case SocketMessageKind.End:
                    throw new InvalidOperationException($"The connection ended after {Seqs.Count} messages.");
            }
        }
    }

    private static long SeqOf(ReadOnlySpan<byte> frame)
    {
        var at = frame.IndexOf(SeqField) + SeqField.Length;
        return Utf8Parser.TryParse(frame[at..], out long seq, out _) ? seq : throw new InvalidDataException("A chat without seq.");
    }
}
