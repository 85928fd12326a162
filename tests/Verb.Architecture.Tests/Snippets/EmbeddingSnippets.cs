using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// begin usings
using System.Text.Json;
using Verb.Actors.Durability; // StorageException
using Verb.Actors.Sharding; // ClusterRefusedException
using Verb.Contracts; // RoomId, TopicName, UserId, User, Identity, IVerbHub, Answer, ReplyBody, ErrorCode
using Verb.Gateway.Auth; // AuthMode, ITokenVerifier, TokenResult
using Verb.Gateway.Handshake; // HandshakeResult, HandshakeVerifiers, SubprotocolChoice, ConnectionEvents
using Verb.Gateway.Hosting; // IVerbNode
using Verb.Gateway.Requests; // RequestException
using Verb.Gateway.Settings; // VerbSettings, VerbOptions and its parts, VerbSettingsException
// end usings

namespace Verb.Architecture.Tests.Snippets;

/// <summary>The code of docs/embedding.md; that it compiles is the test.</summary>
internal static class EmbeddingSnippets
{
    public static void Options(WebApplicationBuilder builder)
    {
        // begin options
        var options = VerbSettings.Read(builder.Configuration);
        builder.Services.AddVerb(options with { Storage = new StorageOptions { Kind = StorageKind.Memory } });
        // end options
    }

    public static async Task<int> Start(WebApplication app)
    {
        // begin start
        try
        {
            app.MapVerb();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is VerbSettingsException or StorageException or ClusterRefusedException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }

        // end start
    }

    public static void Cluster(WebApplicationBuilder builder, string connectionString, string secret)
    {
        // begin cluster
        builder.Services.AddVerb(VerbSettings.Read(builder.Configuration) with
        {
            Storage = new StorageOptions { Kind = StorageKind.Postgres, Postgres = connectionString },
            Cluster = new ClusterOptions { Listen = "*:4000", Advertise = "10.0.0.11:4000", Secret = secret, NodeId = "node-1" },
        });
        // end cluster
    }

    public static async Task Leader(IVerbNode node, IVerbHub hub, TimeProvider clock, PeriodicTimer second, CancellationToken stopping)
    {
        // begin leader
        while (await second.WaitForNextTickAsync(stopping))
        {
            if (node.IsLeader)
                await hub.PublishAsync(new TopicName("time"), JsonSerializer.SerializeToUtf8Bytes(clock.GetUtcNow()), stopping);
        }

        // end leader
    }

    public static void Routes(WebApplication app)
    {
        // begin routes
        app.MapVerb("/ws/chat");
        app.MapVerb("/ws/staff", route => route with
        {
            Mode = AuthMode.Handshake,
            Socket = route.Socket with { IdleTimeout = TimeSpan.FromMinutes(10) },
            Limits = route.Limits with { CommandsPerSecond = 200 },
            Headers = new Dictionary<string, string> { ["X-WebSocket-Server"] = "Verb" },
        }).RequireHost("staff.example.com");
        app.MapVerbApi();
        // end routes
    }

    public static void Verify(WebApplication app)
    {
        // begin verify
        app.MapVerb("/ws/partners", route => route with
        {
            Verify = async context =>
            {
                var partners = context.Http.RequestServices.GetRequiredService<IPartners>();
                return await partners.Knows(context.Connection.RemoteAddress, context.Cancellation)
                    ? HandshakeResult.Accept
                    : HandshakeResult.Refuse(403, "Unknown partner", new Dictionary<string, string> { ["X-Reason"] = "address" });
            },
        });
        // end verify
    }

    public static void Subprotocols(WebApplication app)
    {
        // begin subprotocols
        app.MapVerb("/ws/versions", route => route with
        {
            SelectSubprotocol = context =>
                context.OfferedSubprotocols.Contains("verb.v1") ? SubprotocolChoice.Select("verb.v1")
                : context.OfferedSubprotocols.Count == 0 ? SubprotocolChoice.None
                : SubprotocolChoice.Refuse,
        });
        // end subprotocols
    }

    public static void Events(WebApplication app, IAudit audit)
    {
        // begin events
        app.MapVerb("/ws/audited", route => route with
        {
            Events = new ConnectionEvents
            {
                OnOpen = client =>
                {
                    client.Items["messages"] = 0;
                    return ValueTask.CompletedTask;
                },
                OnMessage = (client, payload, isBinary) =>
                {
                    client.Items["messages"] = (int)client.Items["messages"]! + 1;
                    return ValueTask.CompletedTask;
                },
                OnClose = (client, reason) => audit.Record(client.ClientId, (int)client.Items["messages"]!, reason.Code),
            },
        });
        // end events
    }

    public static void Requests(IServiceCollection services, IConfiguration configuration)
    {
        // begin requests
        services.AddVerb(configuration).AddRequest("price", async (context, payload, cancellation) =>
        {
            if (!context.Identity.HasAny(["trader"]))
                throw new RequestException(ErrorCode.Forbidden, "Prices are for traders.");
            using var question = JsonDocument.Parse(payload);
            var symbol = question.RootElement.GetProperty("symbol").GetString();
            await context.Hub.NotifyAsync(context.Identity.User.Id, """{"title":"You asked for a price"}"""u8.ToArray(), cancellation: cancellation);
            return JsonSerializer.SerializeToUtf8Bytes(new { symbol, price = 100 });
        });
        // end requests
    }

    public static void Tokens(IServiceCollection services, IConfiguration configuration)
    {
        // begin tokens
        services.AddVerb(configuration).UseTokenVerifier<DoorCodes>();
        // end tokens
    }

    public static async Task Hub(IVerbHub hub, CancellationToken cancellation)
    {
        // begin hub
        var answer = await hub.PublishAsync(new RoomId("lobby"), """{"text":"hello"}"""u8.ToArray(), messageId: "order-17", cancellation: cancellation);
        if (answer.Error is { } refused)
            throw new InvalidOperationException($"{refused.Code}: {refused.Message}");
        var seq = ((ReplyBody.Published)answer.Body!).Seq;

        await hub.PublishAsync(new TopicName("stocks/AAPL"), """{"price":187.5}"""u8.ToArray(), cancellation);
        await hub.NotifyAsync(new UserId("alice"), """{"title":"Shipped"}"""u8.ToArray(), cancellation: cancellation);
        var told = hub.Broadcast("""{"text":"Maintenance at noon"}"""u8.ToArray());
        // end hub
        GC.KeepAlive((seq.ToString(CultureInfo.InvariantCulture), told));
    }

    public static void Page(WebApplication app)
    {
        // begin page
        app.MapVerb("/chat", route => route with { OnPlainRequest = http => http.Response.SendFileAsync("wwwroot/chat.html") });
        // end page
    }

    // begin verifier
    internal sealed class DoorCodes(IStaff staff) : ITokenVerifier
    {
        public async ValueTask<TokenResult> Verify(string token, CancellationToken cancellation)
        {
            if (await staff.Find(token, cancellation) is not { } name)
                return TokenResult.Refuse("The code is not known.");
            var user = new User(new UserId(name), name, "staff");
            return TokenResult.Accept(new Identity(user, ["staff"], ExpiresAt: null));
        }
    }

    // end verifier
    internal interface IStaff
    {
        ValueTask<string?> Find(string code, CancellationToken cancellation);
    }

    internal interface IPartners
    {
        ValueTask<bool> Knows(System.Net.IPAddress? address, CancellationToken cancellation);
    }

    internal interface IAudit
    {
        ValueTask Record(string clientId, int messages, ushort closeCode);
    }
}
