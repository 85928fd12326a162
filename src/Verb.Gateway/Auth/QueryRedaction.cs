using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Verb.Gateway.Auth;

/// <summary>Takes tokens and sessions out of a query, for logs and for handlers.</summary>
internal static class QueryRedaction
{
    /// <summary>The query without <c>token</c> and <c>session</c>, however their names are written; everything else as it came.</summary>
    public static string WithoutSecrets(QueryString query)
    {
        if (!query.HasValue)
            return "";
        var kept = new StringBuilder();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            if (IsSecret(pair.DecodeName().Span))
                continue;
            kept.Append(kept.Length == 0 ? '?' : '&').Append(pair.EncodedName.Span);
            if (!pair.EncodedValue.IsEmpty)
                kept.Append('=').Append(pair.EncodedValue.Span);
        }

        return kept.ToString();
    }

    private static bool IsSecret(ReadOnlySpan<char> name) =>
        name.Equals(TokenSources.TokenParameter, StringComparison.OrdinalIgnoreCase)
        || name.Equals(TokenSources.SessionParameter, StringComparison.OrdinalIgnoreCase);
}
