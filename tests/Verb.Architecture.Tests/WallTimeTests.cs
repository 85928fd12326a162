namespace Verb.Architecture.Tests;

/// <summary>
/// The machine's clock may be set while the hub runs: what waits, counts or paces goes by time as it passes. Who asks what time it is stands here, with
/// the reason.
/// </summary>
public sealed class WallTimeTests
{
    private static readonly Dictionary<string, string> Askers = new()
    {
        ["Verb.Actors/Connections/ConnectionActor.cs"] = "serverTime, names of files, what a token says by the calendar",
        ["Verb.Actors/Nodes/HubNode.cs"] = "broadcasts' timestamps, the first number of a life",
        ["Verb.Actors/Rooms/RoomActor.cs"] = "messages' timestamps, and the age of history by them",
        ["Verb.Actors/Timing/ClockScheduler.cs"] = "Akka.NET's scheduler has to say it; its timers go by timestamps",
        ["Verb.Actors/Timing/SteadyTime.cs"] = "the start of the steady time",
        ["Verb.Actors/Topics/TopicActor.cs"] = "updates' timestamps",
        ["Verb.Actors/Users/UserActor.cs"] = "items' timestamps",
        ["Verb.Cluster/Directory/PostgresDirectory.cs"] = "the machine's clock against the database's",
        ["Verb.Gateway/Auth/JwtVerifier.cs"] = "exp and nbf of a token",
        ["Verb.Gateway/Auth/SessionTokens.cs"] = "the time of issue, which nodes share",
        ["Verb.Gateway/Handshake/HandshakeDesk.cs"] = "ClientConnection.ConnectedAt",
        ["Verb.Storage/Files/DiskFileStore.cs"] = "files' timestamps",
        ["Verb.Storage/Postgres/PostgresFileStore.cs"] = "files' timestamps",
    };

    [Fact]
    public void Only_what_is_shown_stored_or_said_by_the_calendar_asks_for_the_wall_time()
    {
        var root = Path.Combine(SourceTree.Root, "src");
        SourceTree.CSharp("src")
            .Where(file => !file.Contains("TestKit", StringComparison.Ordinal) && AsksForWallTime(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .ShouldBe(Askers.Keys.Order(StringComparer.Ordinal));
    }

    private static bool AsksForWallTime(string code) =>
        new[] { "GetUtcNow", "GetLocalNow", "DateTime.Now", "DateTimeOffset.Now", "DateTime.UtcNow", "DateTimeOffset.UtcNow", "DateTime.Today" }
            .Any(word => code.Contains(word, StringComparison.Ordinal));
}
