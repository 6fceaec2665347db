namespace Speedup.Core.Verification;

/// <summary>
/// Looks for sizes of the inputs that a model takes beside the example's: other batches, and for each axis that the model lets vary a larger
/// length and a smaller one. Axes of one length vary together, as those of a sequence and of its mask do. Of images one side grows while the other
/// shrinks, so that a pass costs as much as the example's.
/// </summary>
/// <param name="example">Shapes of the example inputs.</param>
/// <param name="tryShapes">Runs the model on inputs of some shapes; false where it does not take them.</param>
internal sealed class SizeSearch(IReadOnlyList<long[]> example, Func<string, long[][], bool> tryShapes)
{
    private const string AnotherBatch = "another batch";
    private const string AnotherSize = "another size";

    /// <summary>How many times larger than the example an input is: what the code does from a certain size on, it does there.</summary>
    private const int Larger = 3;

    /// <summary>The batch, where the axis of samples does not vary.</summary>
    private const long Same = 0;
    private readonly HashSet<string> _tried = [string.Join(';', example.Select(shape => string.Join(',', shape)))];
    private bool _batchVaries = true;

    private bool HasImages => example.Any(shape => shape.Length >= 4);

    /// <summary>Tries sizes, cheap ones first.</summary>
    public void Run()
    {
        double scale = HasImages ? FindSmallImages() : 1;
        if (HasImages && scale < 1)
            GrowImages(scale);
        else if (HasImages && !TryImages(1, 2, 1)) // the example may be the smallest that it takes
            TryImages(1, 1.25, 1.25);
        if (!HasImages)
            TryBatches([3], shape => shape);
        for (int axis = 1; axis < example.Max(shape => shape.Length); axis++)
        {
            if (!HasImages)
                TryLengths(axis);
        }
        TryBatches([5, 1, 2], shape => HasImages ? Scale(shape, scale, scale) : shape);
    }

    /// <summary>Three samples of small images, or the closest to that.</summary>
    /// <returns>The scale of the images; 1 where only the example's size is taken.</returns>
    private double FindSmallImages()
    {
        foreach (long batch in new[] { 3, Same })
        foreach (double scale in new[] { 0.25, 0.5, 0.75 })
        {
            if (!Try(AnotherSize, [.. example.Select(shape => Scale(WithBatch(shape, batch), scale, scale))]))
                continue;
            _batchVaries = batch != Same;
            return scale;
        }
        _batchVaries = Try(AnotherBatch, [.. example.Select(shape => WithBatch(shape, 3))]);
        return 1;
    }

    /// <summary>Tall images, and wide ones; where the sides must be equal, larger ones.</summary>
    private void GrowImages(double small)
    {
        bool tall = Array.Exists([small, 1], scale => TryImages(1, Larger, scale) || TryImages(1, 2, scale));
        bool wide = tall && Array.Exists([small, 1], scale => TryImages(2, scale, Larger) || TryImages(2, scale, 2));
        if (!wide && !TryImages(1, 2, 2))
            TryImages(1, 1.25, 1.25);
    }

    private bool TryImages(long batch, double height, double width) =>
        Try(AnotherSize, [.. example.Select(shape => Scale(WithBatch(shape, batch), height, width))]);

    private void TryBatches(long[] batches, Func<long[], long[]> reduce)
    {
        foreach (long batch in batches.Where(batch => _batchVaries && batch != example[0].FirstOrDefault()))
        {
            bool taken =
                Try(AnotherBatch, [.. example.Select(shape => reduce(WithBatch(shape, batch)))])
                || Try(AnotherBatch, WithLength(example, 0, everywhere: true, batch));
            _batchVaries = taken;
        }
    }

    private void TryLengths(int axis)
    {
        long length = example.First(shape => shape.Length > axis)[axis];
        TryLength(axis, 3, [(Larger * length) + 1, Larger * length, 2 * length, length + 1]);
        TryLength(axis, 5, [length / 2, length - 1]);
    }

    /// <summary>The first of some lengths that the model takes, with another batch if it takes that, too.</summary>
    private void TryLength(int axis, long batch, IEnumerable<long> lengths)
    {
        foreach (long length in lengths.Where(length => length > 0))
        foreach (bool everywhere in new[] { false, true })
        foreach (long samples in _batchVaries ? new[] { batch, Same } : [Same])
        {
            if (Try(AnotherSize, [.. WithLength(example, axis, everywhere, length).Select(shape => WithBatch(shape, samples))]))
                return;
        }
    }

    /// <summary>
    /// Shapes with another length of an axis, in all inputs in which that axis is as long, or wherever an axis is as long; that of samples is left
    /// alone unless it is meant.
    /// </summary>
    private static long[][] WithLength(IReadOnlyList<long[]> example, int axis, bool everywhere, long length)
    {
        long old = example.First(shape => shape.Length > axis)[axis];
        return [.. example.Select(shape => shape.Select((own, at) => own == old && Varies(at) ? length : own).ToArray())];

        bool Varies(int at) => at == axis || (everywhere && (at > 0 || axis == 0));
    }

    private bool Try(string name, long[][] shapes) =>
        _tried.Add(string.Join(';', shapes.Select(shape => string.Join(',', shape)))) && tryShapes(name, shapes);

    private long[] WithBatch(long[] shape, long batch) =>
        batch == Same || !_batchVaries || shape.Length < 2 || shape[0] != example[0][0] ? shape : [batch, .. shape.Skip(1)];

    /// <summary>The first spatial axis by one scale, the others by another.</summary>
    private static long[] Scale(long[] shape, double height, double width) =>
        shape.Length < 3
            ? shape
            : [.. shape.Select((length, axis) => axis < 2 ? length : Math.Max(1, (long)Math.Round(length * (axis == 2 ? height : width))))];
}
