namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A network as a list of calls, in no language.</summary>
internal sealed record CodePlan
{
    /// <summary>The inputs: id of the value, and name.</summary>
    public required IReadOnlyList<(int Value, string Name)> Inputs { get; init; }

    /// <summary>The modules that are called.</summary>
    public required IReadOnlyList<CodeModule> Modules { get; init; }

    /// <summary>The tensors of the model that are read, by the ids of their values; one tensor may have several.</summary>
    public required IReadOnlyDictionary<int, CodeTensor> Tensors { get; init; }

    /// <summary>The calls, in order.</summary>
    public required IReadOnlyList<CodeStep> Steps { get; init; }

    /// <summary>Ids of the values that are returned.</summary>
    public required IReadOnlyList<int> Outputs { get; init; }

    /// <summary>What a reader of the code is to know, one line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The tensors that the network itself holds, each once.</summary>
    public IEnumerable<CodeTensor> OwnTensors => Tensors.Values.Where(tensor => tensor.Owner is null).DistinctBy(tensor => tensor.Name);

    /// <summary>The calls in order, each with a heading where another module's forward begins, or goes on; null elsewhere.</summary>
    public IEnumerable<(CodeStep Step, string? Heading)> HeadedSteps
    {
        get
        {
            string section = "";
            foreach (CodeStep step in Steps)
            {
                bool isSame = step.Section == section;
                section = step.Section;
                yield return (
                    step,
                    isSame ? null
                    : section.Length == 0 ? "the model's own"
                    : CodeHeader.Comment(section)
                );
            }
        }
    }
}
