namespace Verb.Actors.Sharding;

/// <summary>Which node of the cluster: the name it goes by in <c>connected</c> and <c>/api/status</c>.</summary>
/// <param name="Value">1 to 64 characters.</param>
public readonly record struct NodeId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
