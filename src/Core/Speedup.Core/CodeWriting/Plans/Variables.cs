using System.Globalization;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>
/// The variables of the forward pass. A result takes the variable of a tensor that nobody reads any more, as one writes <c>x = relu(x)</c>, and a
/// new one where all are still read; what holds several tensors is named as its function.
/// </summary>
internal sealed class Variables
{
    private readonly Dictionary<int, (string Name, ResultPlace? Place)> _places = [];
    private readonly Dictionary<CodeStep, string> _results = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, int> _lastReads = [];
    private readonly Dictionary<int, int> _live = []; // number of a variable, by the value that it holds
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    /// <summary>Names the variables of a plan.</summary>
    public Variables(CodePlan plan)
    {
        foreach ((int value, string name) in plan.Inputs)
            _places[value] = (name, null);
        _groups.UnionWith(plan.Inputs.Select(input => input.Name));
        _groups.UnionWith(plan.Modules.Select(module => module.Name));
        _groups.UnionWith(plan.OwnTensors.Select(tensor => tensor.Name));
        foreach ((int at, CodeStep step) in plan.Steps.Index())
        foreach (int value in step.Reads)
            _lastReads[value] = at;
        foreach (int value in plan.Outputs)
            _lastReads[value] = plan.Steps.Count;
        foreach ((int at, CodeStep step) in plan.Steps.Index())
            Name(step, at);
    }

    /// <summary>The variable that takes what a call returns.</summary>
    public string ResultOf(CodeStep step) => _results[step];

    /// <summary>Where a value is: a variable, and the place in it.</summary>
    public (string Name, ResultPlace? Place) Find(int value) => _places[value];

    private void Name(CodeStep step, int at)
    {
        if (step.Results.Count == 0)
            return;
        if (step.Places is { } places)
        {
            string group = NameGroup(step);
            _results[step] = group;
            foreach ((int value, ResultPlace place) in step.Results.Zip(places))
                _places[value] = (group, place);
            return;
        }
        foreach (int value in _live.Keys.Where(value => _lastReads.GetValueOrDefault(value, -1) <= at).ToArray())
            _live.Remove(value); // read here for the last time, or never
        int number = 0;
        while (_live.ContainsValue(number))
            number++;
        int result = step.Results[0];
        _live[result] = number;
        _results[step] = number == 0 ? "x" : string.Create(CultureInfo.InvariantCulture, $"x{number}");
        _places[result] = (_results[step], null);
    }

    private string NameGroup(CodeStep step)
    {
        string plain = step.Module is { } module ? module.Name + "_result" : step.Method.Name.TrimEnd('_') + "_result";
        string free = plain;
        for (int number = 2; !_groups.Add(free); number++)
            free = string.Create(CultureInfo.InvariantCulture, $"{plain}_{number}");
        return free;
    }
}
