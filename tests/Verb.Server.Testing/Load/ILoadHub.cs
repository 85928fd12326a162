namespace Verb.Server.Testing.Load;

/// <summary>A hub that is put under a load: one node alone, or several.</summary>
internal interface ILoadHub
{
    /// <summary>The nodes as they are now, also those that are down.</summary>
    IReadOnlyList<ILoadNode> Nodes { get; }
}
