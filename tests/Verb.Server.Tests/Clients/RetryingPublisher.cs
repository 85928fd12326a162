using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Verb.Server.Testing.Clients;
using Verb.TestKit.Hosting;
using Verb.TestKit.Probes;

namespace Verb.Server.Tests.Clients;

/// <summary>Publishes one message after the other, each sent again with the same id, over every life of the server, until it is acknowledged.</summary>
internal sealed class RetryingPublisher(string name, string room, ServerTurns turns, Action acknowledged)
{
    private SocketClient? _client;
    private string? _session;
    private int _life;

    public List<Acknowledgement> Acknowledgements { get; } = [];

    /// <summary>How often a message had to be sent again.</summary>
    public int Retries { get; private set; }

    public async Task Publish(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            while (await Try(id) is var data)
            {
                if (data is { } kept)
                {
                    Acknowledgements.Add(new Acknowledgement(id, kept.GetProperty("seq").GetInt64(), kept.GetProperty("epoch").GetString()!));
                    acknowledged();
                    break;
                }

                Retries++;
                _client = null;
                _life++;
            }
        }

        await _client!.DisposeAsync();
    }

    /// <summary>The reply's data; null where the server was lost before it came.</summary>
    private async Task<JsonElement?> Try(string id)
    {
        try
        {
            _client ??= await Connect();
            var reply = await _client.AskAsync($$$"""{"type":"chat","roomId":"{{{room}}}","messageId":"{{{id}}}","message":{"from":"{{{name}}}"}}""");
            reply.GetProperty("success").GetBoolean().ShouldBeTrue(reply.ToString());
            return reply.GetProperty("data");
        }
        catch (Exception e) when (e is ExpectationException or SocketException or IOException)
        {
            return null;
        }
    }

    private async Task<SocketClient> Connect()
    {
        var server = await turns.Life(_life);
        var client = await server.ConnectAsync(query: _session is null ? "" : $"?session={_session}");
        _session = (await client.ExpectAsync("connected")).GetProperty("session").GetString();
        (await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        return client;
    }
}
