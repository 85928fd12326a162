using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Inflates one direction of one connection, a piece at a time.</summary>
internal interface IInflater : IDisposable
{
    /// <summary>
    /// Inflates all of <paramref name="input"/> behind what <paramref name="output"/> holds. Beyond <paramref name="keep"/> bytes it is thrown
    /// away, which <paramref name="skipped"/> counts; both together may not exceed <paramref name="limit"/> bytes, otherwise it stops there.
    /// </summary>
    InflateStatus Inflate(ReadOnlySpan<byte> input, PooledBuffer output, int keep, int limit, ref long skipped);

    /// <summary>Ends a message: supplies the tail its sender cut off.</summary>
    InflateStatus FinishMessage(PooledBuffer output, int keep, int limit, ref long skipped);

    /// <summary>Forgets everything, for another message or connection.</summary>
    void Reset();
}
