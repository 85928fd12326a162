namespace Verb.Gateway.WebSockets.Frames;

/// <summary>What looking for a frame header gave.</summary>
internal enum HeaderStatus
{
    Incomplete,
    Complete,
    Violation,
}
