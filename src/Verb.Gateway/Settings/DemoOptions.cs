namespace Verb.Gateway.Settings;

/// <summary>The server's demo page. Configuration: <c>Verb:Demo</c>.</summary>
public sealed record DemoOptions
{
    /// <summary>
    /// Where the cluster's nodes serve browsers, such as <c>http://127.0.0.1:3001</c>: the page tries its own node and then these in turn.
    /// Each node must allow the others' origins. Default none: the page's own node alone.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];
}
