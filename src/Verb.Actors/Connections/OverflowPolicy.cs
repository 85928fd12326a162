namespace Verb.Actors.Connections;

/// <summary>What happens to a client that reads too slowly for its send buffer.</summary>
public enum OverflowPolicy
{
    /// <summary>Close it with 4005; it comes back and resumes.</summary>
    Close,

    /// <summary>Drop what waited longest.</summary>
    DropOldest,

    /// <summary>Drop what came last.</summary>
    DropNewest,
}
