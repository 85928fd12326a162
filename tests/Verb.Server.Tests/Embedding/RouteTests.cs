using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Embedding;

/// <summary>A host with two routes: an open one, and one for staff with its own mode, subprotocols, headers and limits.</summary>
public sealed class RouteTests : IAsyncLifetime
{
    private VerbTestHost _host = null!;

    public async Task InitializeAsync() => _host = await VerbTestHost.StartAsync(new VerbTestHostOptions
    {
        Verb = verb => verb.UseTokenVerifier<StaffTokens>(),
        Routes = app =>
        {
            app.MapVerb("/ws/open", route => route with { OnPlainRequest = http => http.Response.WriteAsync("a page") });
            app.MapVerb("/ws/staff", route => route with
            {
                Mode = AuthMode.Handshake,
                Subprotocols = ["staff.v2", "verb.v1"],
                Headers = new Dictionary<string, string> { ["X-Server"] = "Verb" },
                OnHeaders = (context, headers) => headers["X-Hello"] = context.Identity!.User.Username,
                Verify = HandshakeVerifiers.Sync(context => context.Connection.Query.Contains("shut", StringComparison.Ordinal)
                    ? HandshakeResult.Refuse(423, "Shut", new Dictionary<string, string> { ["X-Reason"] = "query" })
                    : HandshakeResult.Accept),
                Limits = route.Limits with { MaxCommandBytes = 2_048 },
            });
            app.MapVerb("/ws/picky", route => route with
            {
                SelectSubprotocol = context => context.OfferedSubprotocols.Contains("a") ? SubprotocolChoice.Select("a") : SubprotocolChoice.Refuse,
            });
            app.MapVerb("/ws/guarded").RequireHost("elsewhere.example");
        },
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Each_route_has_its_own_mode()
    {
        await using var guest = await _host.ConnectAsync("/ws/open?token=ann");
        (await guest.ExpectAsync("connected")).GetProperty("user").GetProperty("role").GetString().ShouldBe("anonymous");

        var refusal = await ShouldRefuse("/ws/staff", 401);
        refusal.Headers["WWW-Authenticate"].ShouldBe("Bearer");
        await ShouldRefuse("/ws/staff?token=bob", 401);
        await using var ann = await _host.ConnectAsync("/ws/staff?token=ann");
        (await ann.ExpectAsync("connected")).GetProperty("user").GetProperty("id").GetString().ShouldBe("ann");
    }

    [Theory]
    [InlineData("/ws/staff?token=ann", "verb.v1,staff.v2", "staff.v2")]
    [InlineData("/ws/staff?token=ann", "verb.v1", "verb.v1")]
    [InlineData("/ws/staff?token=ann", "other", null)]
    [InlineData("/ws/staff", "bearer.ann,verb.v1", "verb.v1")]
    [InlineData("/ws/open", "staff.v2", null)]
    [InlineData("/ws/open", "staff.v2,verb.v1", "verb.v1")]
    [InlineData("/ws/picky", "b,a", "a")]
    public async Task Each_route_has_its_own_subprotocols(string route, string offered, string? selected)
    {
        await using var client = await _host.ConnectAsync(route, new SocketClientOptions { Subprotocols = offered.Split(',') });
        client.Subprotocol.ShouldBe(selected);
    }

    [Fact]
    public async Task A_selector_may_refuse() => await ShouldRefuse("/ws/picky", 400);

    [Fact]
    public async Task A_verifier_refuses_with_status_reason_and_headers()
    {
        var refusal = await ShouldRefuse("/ws/staff?token=ann&shut", 423);
        refusal.Body.ShouldContain("Shut");
        refusal.Headers["X-Reason"].ShouldBe("query");
    }

    [Fact]
    public async Task Each_route_has_its_own_response_headers()
    {
        await using var ann = await _host.ConnectAsync("/ws/staff?token=ann");
        ann.ResponseHeaders["X-Server"].ShouldBe("Verb");
        ann.ResponseHeaders["X-Hello"].ShouldBe("Ann");
        await using var guest = await _host.ConnectAsync("/ws/open");
        guest.ResponseHeaders.Keys.ShouldNotContain("X-Server");
    }

    [Fact]
    public async Task Each_route_has_its_own_limits()
    {
        var command = $$"""{"type":"chat","roomId":"hall","message":"{{new string('x', 4_000)}}"}""";
        await using var ann = await _host.ConnectAsync("/ws/staff?token=ann");
        (await ann.AskAsync(command)).GetProperty("error").GetProperty("code").GetString().ShouldBe("PAYLOAD_TOO_LARGE");
        await using var guest = await _host.ConnectAsync("/ws/open");
        (await guest.AskAsync(command)).GetProperty("error").GetProperty("code").GetString().ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public async Task All_routes_lead_to_the_same_rooms()
    {
        await using var guest = await _host.ConnectAsync("/ws/open");
        await guest.AskAsync("""{"type":"join_room","roomId":"hall"}""");
        await using var ann = await _host.ConnectAsync("/ws/staff?token=ann");
        await ann.AskAsync("""{"type":"join_room","roomId":"hall"}""");
        await ann.AskAsync("""{"type":"chat","roomId":"hall","message":"from staff"}""");
        var chat = await guest.ExpectAsync("chat");
        chat.GetProperty("message").GetString().ShouldBe("from staff");
        chat.GetProperty("user").GetProperty("username").GetString().ShouldBe("Ann");
    }

    [Fact]
    public async Task A_plain_request_gets_the_routes_page_or_400()
    {
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(_host.Address, "/ws/open"))).ShouldBe("a page");
        using var answer = await http.GetAsync(new Uri(_host.Address, "/ws/staff"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"error":"WebSocket upgrade required"}""");
    }

    [Fact]
    public async Task The_hosts_conventions_hold_for_the_handshake() => await ShouldRefuse("/ws/guarded", 404);

    private async Task<HandshakeRefusedException> ShouldRefuse(string route, int status)
    {
        var refusal = await Should.ThrowAsync<HandshakeRefusedException>(() => _host.ConnectAsync(route));
        refusal.Status.ShouldBe(status, refusal.Message);
        return refusal;
    }
}
