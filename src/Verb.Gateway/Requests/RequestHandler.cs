namespace Verb.Gateway.Requests;

/// <summary>
/// Handles the requests of one type. Runs on the thread pool, beside the connection: other commands go on meanwhile. An exception is answered
/// <c>INTERNAL</c> and logged; a <see cref="RequestException"/> with its code and message.
/// </summary>
/// <param name="context">Who asks.</param>
/// <param name="payload">The field <c>payload</c>, UTF-8 JSON; <c>null</c> where none came.</param>
/// <param name="cancellation">The time is over (30 s).</param>
/// <returns>The reply's <c>data</c>: UTF-8 JSON.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>> RequestHandler(
    RequestContext context, ReadOnlyMemory<byte> payload, CancellationToken cancellation);
