using System.ComponentModel.DataAnnotations;
using Verb.Actors.Policies;

namespace Verb.Actors.Rooms;

/// <summary>How the rooms whose names match are kept, and who may do what in them. Configuration: <c>Verb:Rooms:N</c>.</summary>
public sealed record RoomPolicy
{
    /// <summary>A <see cref="Glob"/> over room ids. Default <c>*</c>.</summary>
    [Required]
    public string Match { get; init; } = "*";

    /// <summary>How many messages a room keeps. Default 100, 0 to 1,000,000; 0 keeps none.</summary>
    [Range(0, 1_000_000)]
    public int History { get; init; } = 100;

    /// <summary>How long a message is kept; null or zero: until pushed out by <see cref="History"/>. Default null.</summary>
    public TimeSpan? HistoryAge { get; init; }

    /// <summary>How many of the latest messages a joiner without <c>since</c> is sent. Default 20, 0 to 1,000.</summary>
    [Range(0, 1_000)]
    public int Replay { get; init; } = 20;

    /// <summary>Whether a message is acknowledged only once committed to the store. Default true.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Whether members hear of joins and leaves. Default true.</summary>
    public bool Presence { get; init; } = true;

    /// <summary>How long a connection still counts that was lost without a close frame, or closed as a page that is left (1001). Default 2 s; zero: not at all.</summary>
    public TimeSpan LeaveGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a <c>messageId</c> is remembered. Default and least 10 minutes.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Who may join; empty: everyone. Default empty.</summary>
    public IReadOnlyList<string> JoinRoles { get; init; } = [];

    /// <summary>Who may publish; empty: everyone in the room. Default empty.</summary>
    public IReadOnlyList<string> PublishRoles { get; init; } = [];

    /// <summary>Who may read history and files; empty: everyone. Default empty.</summary>
    public IReadOnlyList<string> ReadRoles { get; init; } = [];
}
