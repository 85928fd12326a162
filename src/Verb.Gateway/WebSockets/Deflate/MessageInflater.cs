using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>The receive side of one connection's deflate: its own inflater where context is kept, otherwise a lent one per message.</summary>
internal sealed class MessageInflater(IDeflateEngine engine, InflaterPool pool, bool keepContext) : IDisposable
{
    private IInflater? _inflater;

    public InflateStatus Inflate(ReadOnlySpan<byte> input, PooledBuffer output, int limit)
    {
        _inflater ??= keepContext ? engine.CreateInflater() : pool.Rent();
        return _inflater.Inflate(input, output, limit);
    }

    public InflateStatus FinishMessage(PooledBuffer output, int limit)
    {
        _inflater ??= keepContext ? engine.CreateInflater() : pool.Rent();
        var status = _inflater.FinishMessage(output, limit);
        if (!keepContext)
            GiveBack();
        return status;
    }

    public void Dispose()
    {
        if (keepContext)
            _inflater?.Dispose();
        else
            GiveBack();
        _inflater = null;
    }

    private void GiveBack()
    {
        if (_inflater is not null)
            pool.Return(_inflater);
        _inflater = null;
    }
}
