using Verb.Actors.Connections;
using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.Actors.Topics;

namespace Verb.Gateway.Settings;

/// <summary>Every setting of the hub. Configuration: the section <c>Verb</c>. Change a copy: <c>options with { Echo = true }</c>.</summary>
public sealed record VerbOptions
{
    /// <summary>The configuration section that holds these options.</summary>
    public const string Section = "Verb";

    /// <summary>Who may connect. Configuration: <c>Verb:Auth</c>.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>Where messages are kept. Configuration: <c>Verb:Storage</c>.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Whether this is a node of a cluster. Configuration: <c>Verb:Cluster</c>.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Policies by room id, the first match holds; a room that none matches has the defaults. Configuration: <c>Verb:Rooms:N</c>.</summary>
    public IReadOnlyList<RoomPolicy> Rooms { get; init; } = [];

    /// <summary>Policies by topic, the first match holds; a topic that none matches has the defaults. Configuration: <c>Verb:Topics:N</c>.</summary>
    public IReadOnlyList<TopicPolicy> Topics { get; init; } = [];

    /// <summary>How much may be asked for. Configuration: <c>Verb:Limits</c>; each route has its own copy.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>How sockets live. Configuration: <c>Verb:Socket</c>; each route has its own copy.</summary>
    public SocketOptions Socket { get; init; } = new();

    /// <summary>How the hub stops. Configuration: <c>Verb:Drain</c>.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary>Uploaded files. Configuration: <c>Verb:Uploads</c>.</summary>
    public UploadOptions Uploads { get; init; } = new();

    /// <summary>
    /// Whether <c>/echo</c> is mapped: a plain echo for conformance suites, with the handshake and the limits of a socket route, for anybody.
    /// Default false.
    /// </summary>
    public bool Echo { get; init; }

    /// <summary>Built-in feeds. Configuration: <c>Verb:Feed</c>.</summary>
    public FeedOptions Feed { get; init; } = new();

    /// <summary>The server's demo page. Configuration: <c>Verb:Demo</c>.</summary>
    public DemoOptions Demo { get; init; } = new();

    /// <summary>
    /// What the publishing HTTP routes demand as <c>X-Api-Key</c>, where no admin's token comes. Default null: outside Development they
    /// answer 403 without one.
    /// </summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary><see cref="Rooms"/> as a table that ends with the defaults.</summary>
    public PolicyTable<RoomPolicy> RoomPolicies() => new(Rooms.Select(policy => (policy.Match, policy)), new RoomPolicy());

    /// <summary><see cref="Topics"/> as a table that ends with the defaults.</summary>
    public PolicyTable<TopicPolicy> TopicPolicies() => new(Topics.Select(policy => (policy.Match, policy)), new TopicPolicy());

    /// <summary>Keeps the secrets out of logs.</summary>
    public override string ToString() => $"VerbOptions {{ Auth = {Auth}, Storage = {Storage} }}";
}
