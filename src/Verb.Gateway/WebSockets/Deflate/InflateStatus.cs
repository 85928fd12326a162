namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>How inflating a piece went.</summary>
internal enum InflateStatus
{
    Ok,
    Damaged,
    TooBig,
}
