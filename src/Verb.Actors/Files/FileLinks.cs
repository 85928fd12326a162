namespace Verb.Actors.Files;

/// <summary>The links to stored files. The host maps the route they lead to, below a path of its own where it likes, before the first client comes.</summary>
internal sealed class FileLinks
{
    private const string Id = "{id}";

    /// <summary>Where files are read, with <c>{id}</c> in the place of the file's.</summary>
    public string Pattern { get; set; } = $"/files/{Id}";

    /// <summary>The link to one file, relative to the hub.</summary>
    public string Of(string id) => Pattern.Replace(Id, id, StringComparison.Ordinal);
}
