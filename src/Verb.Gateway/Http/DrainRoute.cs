using System.Text;
using Microsoft.AspNetCore.Http;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Hosting;

namespace Verb.Gateway.Http;

/// <summary>The route that empties the node without stopping it. Asking again changes nothing.</summary>
internal sealed class DrainRoute(Drain drain, ConnectionDirectory connections, ApiAccess access)
{
    public async Task<ApiResult> Begin(HttpContext http)
    {
        var caller = await access.ToDrain(http);
        if (caller.Refusal is { } refusal)
            return refusal;
        _ = drain.Run(CancellationToken.None);
        return ApiResult.Of(Answer.Of(new ReplyBody.Json(Encoding.UTF8.GetBytes($"{{\"draining\":true,\"connections\":{connections.Count}}}"))));
    }
}
