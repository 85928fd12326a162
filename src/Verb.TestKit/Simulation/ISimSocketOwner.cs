using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>The client's end of a <see cref="SimSocket"/>.</summary>
internal interface ISimSocketOwner
{
    /// <summary>A text frame came.</summary>
    void Received(SimSocket socket, ReadOnlyMemory<byte> frame);

    /// <summary>The connection has ended: with a close frame, or without.</summary>
    void Ended(SimSocket socket, CloseReason? reason);
}
