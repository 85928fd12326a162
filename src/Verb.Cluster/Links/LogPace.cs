namespace Verb.Cluster.Links;

/// <summary>Lets one line through per subject and half minute, so that what is tried again and again is not logged again and again.</summary>
internal sealed class LogPace(TimeProvider time)
{
    /// <summary>How long a subject is quiet after a line.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    // Subjects come from whoever dials: their number is bounded.
    private const int MaxSubjects = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Subject), long> _last = [];

    /// <summary>Whether a line of this kind about this subject may be written now.</summary>
    public bool Allows(string kind, string subject)
    {
        lock (_lock)
        {
            if (_last.TryGetValue((kind, subject), out var last) && time.GetElapsedTime(last) < Quiet)
                return false;
            if (_last.Count >= MaxSubjects)
                Forget();
            if (_last.Count >= MaxSubjects)
                return false;
            _last[(kind, subject)] = time.GetTimestamp();
            return true;
        }
    }

    private void Forget()
    {
        foreach (var (key, last) in _last)
        {
            if (time.GetElapsedTime(last) >= Quiet)
                _last.Remove(key);
        }
    }
}
