using System.Net.Http.Json;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>One browser and one server with its demo feeds, shared by the tests that do not harm either; each test has rooms of its own.</summary>
public sealed class DemoHub : IAsyncLifetime
{
    /// <summary>What a person at home starts: the demo page, its feeds and the open HTTP routes.</summary>
    internal const string Development = "--environment=Development";

    /// <summary>So slow that an upload of a few MiB can be watched.</summary>
    private const string SlowUploads = "--Verb:Limits:BinaryBytesPerSecond=1048576";

    private readonly ServerFolder _folder = new();
    private readonly HttpClient _http = new();

    internal Chromium Browser { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(_folder, Development, SlowUploads);
        Browser = await Chromium.LaunchAsync();
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    /// <summary>A file of a person's own machine.</summary>
    internal string PutFile(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.Root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    internal Task<Person> EnterAsync(string name, string room) => Person.EnterAsync(Browser, Server.Address, name, room);

    /// <summary>Posts to a room as another system would: any JSON value.</summary>
    internal async Task PostAsync(string room, object message)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Server.Address, $"/api/rooms/{room}/messages"), new { message });
        answer.EnsureSuccessStatusCode();
    }
}
