using System.Globalization;
using System.Net;
using Verb.Contracts;

namespace Verb.Gateway.Tests.Http;

public sealed class ErrorStatusTests
{
    [Theory]
    [InlineData(ErrorCode.InvalidJson, 400)]
    [InlineData(ErrorCode.InvalidMessage, 400)]
    [InlineData(ErrorCode.UnknownType, 400)]
    [InlineData(ErrorCode.AuthRequired, 401)]
    [InlineData(ErrorCode.AuthFailed, 401)]
    [InlineData(ErrorCode.Forbidden, 403)]
    [InlineData(ErrorCode.NotFound, 404)]
    [InlineData(ErrorCode.NotInRoom, 409)]
    [InlineData(ErrorCode.NotSubscribed, 409)]
    [InlineData(ErrorCode.PayloadTooLarge, 413)]
    [InlineData(ErrorCode.RateLimited, 429)]
    [InlineData(ErrorCode.Internal, 500)]
    [InlineData(ErrorCode.Overloaded, 503)]
    [InlineData(ErrorCode.Timeout, 504)]
    public async Task The_hubs_refusal_has_its_status(ErrorCode code, int status)
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Refused(code, "No.");
        (await (await host.Get("/api/rooms/lobby")).ShouldBeRefused((HttpStatusCode)status, code.WireName())).ShouldBe("No.");
    }

    [Theory]
    [InlineData(ErrorCode.RateLimited, 1, 1)]
    [InlineData(ErrorCode.RateLimited, 1001, 2)]
    [InlineData(ErrorCode.Overloaded, 3000, 3)]
    public async Task When_to_come_back_is_said_in_seconds_rounded_up(ErrorCode code, long milliseconds, int seconds)
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Refused(new CommandError(code, "Later.", milliseconds));
        var response = await host.Get("/api/rooms/lobby");
        response.Headers.RetryAfter!.ToString().ShouldBe(seconds.ToString(CultureInfo.InvariantCulture));
        (await response.Content.ReadAsStringAsync()).ShouldContain($"\"retryAfter\":{milliseconds}");
    }

    [Fact]
    public async Task A_failure_of_the_hub_is_answered_without_its_words()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Failure = new InvalidOperationException("secret words");
        (await (await host.Get("/api/rooms/lobby")).ShouldBeRefused(HttpStatusCode.InternalServerError, "INTERNAL")).ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("/api/broadcast")]
    [InlineData("/api/topics/t")]
    public async Task A_publishing_route_cannot_be_read(string path)
    {
        await using var host = await ApiHost.Start();
        (await host.Get(path)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }
}
