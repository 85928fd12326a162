using Microsoft.AspNetCore.HttpOverrides;

namespace Verb.Server;

/// <summary>The path that a reverse proxy takes off, where the operator lets the server believe its headers.</summary>
internal static class ForwardedPrefix
{
    /// <summary>Looks at <c>X-Forwarded-Prefix</c> wherever <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> has the other headers looked at.</summary>
    public static void TakeForwardedPrefix(this WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            if (options.ForwardedHeaders != ForwardedHeaders.None)
                options.ForwardedHeaders |= ForwardedHeaders.XForwardedPrefix;
        });
}
