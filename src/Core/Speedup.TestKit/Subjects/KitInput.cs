namespace Speedup.TestKit.Subjects;

/// <summary>One input of what is tested.</summary>
/// <param name="Shape">The traced shape.</param>
public sealed record KitInput(IReadOnlyList<long> Shape)
{
    /// <summary>
    /// Axis on which pruned channels enter, from the front, or from the back if negative. By default the second, or the only one.
    /// </summary>
    public int Axis { get; init; } = Shape.Count > 1 ? 1 : 0;

    /// <summary>
    /// Further shapes on which the small model must agree; the length of <see cref="Axis"/> must be the same. With several inputs
    /// those at one position belong together, so all inputs have equally many.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<long>> OtherShapes { get; init; } = [];

    /// <summary>For inputs that hold indices (<c>Embedding</c>): one more than the largest. Null for real numbers.</summary>
    public long? IndexLimit { get; init; }

    /// <summary>Position of <see cref="Axis"/> from the front.</summary>
    internal int AxisFromFront => Axis < 0 ? Axis + Shape.Count : Axis;

    /// <summary>Whether channels of a masked producer enter here.</summary>
    internal bool HasSource => IndexLimit is null;

    internal IEnumerable<IReadOnlyList<long>> AllShapes => OtherShapes.Prepend(Shape);
}
