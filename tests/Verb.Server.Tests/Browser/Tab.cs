using System.Text.Json;
using Verb.Server.Testing;

namespace Verb.Server.Tests.Browser;

/// <summary>One tab of a <see cref="TabbedChromium"/>, and what its page's sockets did.</summary>
internal sealed class Tab(DevTools tools, string target, string session)
{
    private int _sockets;
    private int _pings;

    /// <summary>How many sockets the page has opened.</summary>
    public int Sockets => Volatile.Read(ref _sockets);

    /// <summary>How many pings its client has sent.</summary>
    public int Pings => Volatile.Read(ref _pings);

    public async Task BeginAsync(Uri address)
    {
        tools.Said += Hear;
        await AskAsync("Network.enable", new { });
        await AskAsync("Page.navigate", new { url = address.ToString() });
    }

    /// <summary>The value of an expression in the page, once it fits.</summary>
    public Task<T> EventuallyAsync<T>(string expression, Func<T, bool> fits) => Eventually.Be(() => EvaluateAsync<T>(expression), fits);

    public async Task<T> EvaluateAsync<T>(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new { expression, returnByValue = true });
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value.Deserialize<T>()! : default!;
    }

    /// <summary>Stops everything in the page, as the browser does with one that was hidden for long.</summary>
    public Task FreezeAsync() => AskAsync("Page.setWebLifecycleState", new { state = "frozen" });

    public Task ThawAsync() => AskAsync("Page.setWebLifecycleState", new { state = "active" });

    /// <summary>Puts it in front of the others, as a person does who turns to it.</summary>
    public Task ShowAsync() => tools.AskAsync("Target.activateTarget", new { targetId = target });

    private Task<JsonElement> AskAsync(string method, object parameters) => tools.AskAsync(method, parameters, session);

    private void Hear(string from, string method, JsonElement parameters)
    {
        if (from != session)
            return;
        if (method == "Network.webSocketCreated")
            Interlocked.Increment(ref _sockets);
        else if (method == "Network.webSocketFrameSent" && parameters.GetProperty("response").GetProperty("payloadData").GetString()!.Contains("\"ping\"", StringComparison.Ordinal))
            Interlocked.Increment(ref _pings);
    }
}
