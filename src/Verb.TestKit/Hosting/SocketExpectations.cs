using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Verb.Contracts;
using Verb.TestKit.Probes;

namespace Verb.TestKit.Hosting;

/// <summary>What tests expect of a socket. Each reads on until it came, and fails where the connection ends or falls silent before.</summary>
public static class SocketExpectations
{
    private static long _lastId;

    /// <summary>The next event of this type; what comes before it is passed over.</summary>
    /// <exception cref="ExpectationException">The connection ended before.</exception>
    public static Task<JsonElement> ExpectAsync(this SocketClient client, string type) =>
        client.ExpectAsync(frame => frame.TryGetProperty("type", out var value) && value.ValueEquals(type), type);

    /// <summary>The next text frame that fits; what comes before it is passed over.</summary>
    /// <param name="client">The client.</param>
    /// <param name="fits">Whether it is the one.</param>
    /// <param name="what">What to call it in the failure.</param>
    /// <exception cref="ExpectationException">The connection ended before.</exception>
    public static async Task<JsonElement> ExpectAsync(this SocketClient client, Func<JsonElement, bool> fits, string what)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(fits);
        var passedOver = new StringBuilder();
        while (true)
        {
            var message = await Next(client, what, passedOver);
            if (message.Kind == SocketMessageKind.Text && message.Json is var json && fits(json))
                return json;
            if (message.Kind == SocketMessageKind.End)
                throw new ExpectationException($"Expected {what}, but the connection ended after:{passedOver}");
            passedOver.Append('\n').Append(Describe(message));
        }
    }

    /// <summary>The close frame; what comes before it is passed over.</summary>
    /// <returns>Its code and reason; 1006 where the connection ended without one.</returns>
    public static async Task<CloseReason> ExpectCloseAsync(this SocketClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        while (true)
        {
            var message = await Next(client, "a close", new StringBuilder());
            if (message.Kind == SocketMessageKind.Close)
                return message.CloseReason;
            if (message.Kind == SocketMessageKind.End)
                return new CloseReason(1006, "");
        }
    }

    /// <summary>Sends a command with an id of its own and gives the reply to it; what comes before it is passed over.</summary>
    /// <param name="client">The client.</param>
    /// <param name="command">The command as JSON, without <c>id</c>.</param>
    /// <exception cref="ExpectationException">The connection ended before.</exception>
    public static async Task<JsonElement> AskAsync(this SocketClient client, string command)
    {
        ArgumentNullException.ThrowIfNull(client);
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var json = JsonNode.Parse(command)!.AsObject();
        json.Remove("id");
        json.Insert(0, "id", id); // Of a command that is too large the hub reads only the beginning.
        await client.SendAsync(json.ToJsonString());
        return await client.ExpectAsync(
            frame => frame.TryGetProperty("id", out var value) && value.ValueEquals(id) && frame.GetProperty("type").ValueEquals("reply"),
            $"a reply to {command}");
    }

    private static async Task<SocketMessage> Next(SocketClient client, string what, StringBuilder passedOver)
    {
        try
        {
            return await client.ReceiveAsync();
        }
        catch (TimeoutException e)
        {
            throw new ExpectationException($"Expected {what}. {e.Message} Before that:{passedOver}", e);
        }
    }

    private static string Describe(SocketMessage message) => message.Kind switch
    {
        SocketMessageKind.Text => message.Text,
        SocketMessageKind.Close => $"close {message.CloseReason}",
        _ => $"{message.Kind} of {message.Payload.Length} bytes",
    };
}
