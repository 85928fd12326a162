using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>A room that a connection is in, or has asked to be in.</summary>
internal sealed class JoinedRoom
{
    /// <summary>The lineage of the room's history; empty until the room has answered.</summary>
    public string Epoch { get; set; } = "";

    /// <summary>The last number that is on the client's socket, or will be before anything else of the room.</summary>
    public long LastSeq { get; set; }

    /// <summary>Whether the room has let it in.</summary>
    public bool IsIn => Epoch.Length > 0;

    /// <summary>Whether the client hears its own messages, too.</summary>
    public bool Echo { get; set; }

    /// <summary>Whether the room was asked for what the client missed, and has not answered yet.</summary>
    public bool IsCatchingUp { get; set; }

    /// <summary>How many joins are on their way.</summary>
    public int Joining { get; set; }

    public Position Position => new(Epoch, LastSeq);
}
