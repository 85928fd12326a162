using System.Text;
using Verb.Contracts;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A receive result with a payload of its own.</summary>
internal sealed record Received(ReceiveKind Kind, byte[] Payload, CloseReason Reason, long Skipped)
{
    public Received(ReceiveResult result)
        : this(result.Kind, result.Payload.ToArray(), result.CloseReason, result.Skipped)
    {
    }

    public string Text => Encoding.UTF8.GetString(Payload);
}
