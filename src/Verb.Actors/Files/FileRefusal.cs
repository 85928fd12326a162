namespace Verb.Actors.Files;

/// <summary>Why a file is not taken.</summary>
public enum FileRefusal
{
    /// <summary>The name is empty, too long, or could be taken for a path: separators, control characters, dots only.</summary>
    Name,

    /// <summary>The size is negative or above what one file may have.</summary>
    Size,

    /// <summary>There is no room for it within the quota of all files together.</summary>
    Quota,
}
