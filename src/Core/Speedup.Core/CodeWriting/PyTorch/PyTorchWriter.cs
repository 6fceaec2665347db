using System.Text;
using Speedup.Core.CodeWriting.Plans;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>Writes a plan as a PyTorch module.</summary>
internal sealed class PyTorchWriter(CodePlan plan, CodeHeader header, List<string> reasons)
{
    private readonly StringBuilder _code = new();
    private readonly PyTorchCalls _calls = new(plan, reasons);

    /// <summary>Writes the code.</summary>
    public string Write()
    {
        foreach (string line in header.LinesFor(plan))
            Line($"# {line}");
        Line("import torch");
        Line("import torch.nn.functional as F");
        Line("from torch import nn");
        if (plan.Steps.Any(step => PyTorchAttention.Is(step.Method)))
            _code.Append(PyTorchAttention.Code);
        Line();
        Line();
        Line($"class {header.ClassName}(nn.Module):");
        Line($"    \"\"\"The calls of the model, with its weights after load.\"\"\"");
        Line();
        WriteConstructor();
        Line("    @classmethod");
        Line("    def load(cls, weights):");
        Line("        \"\"\"Creates the network for inference, with the weights of a file.\"\"\"");
        Line("        network = cls()");
        Line("        network.load_state_dict(torch.load(weights, map_location=\"cpu\"))");
        Line("        return network.eval()");
        Line();
        Line($"    def forward({string.Join(", ", plan.Inputs.Select(input => input.Name).Prepend("self"))}):");
        WriteSteps();
        Line($"        return {string.Join(", ", plan.Outputs.Select(_calls.Refer))}");
        return _code.ToString();
    }

    private void WriteConstructor()
    {
        Line("    def __init__(self):");
        Line("        super().__init__()");
        foreach (CodeModule module in plan.Modules)
            Line($"        self.{module.Name} = {_calls.Make($"'{module.Path}'", module.Made!.Factory, module.Made.Arguments)}");
        foreach (CodeTensor tensor in plan.OwnTensors)
            Line($"        {MakeTensor(tensor)}");
        foreach (SharedWeight shared in SharedWeight.Find(plan))
            Line($"        self.{shared.Owner.Name}.{shared.Name} = self.{shared.First.Name}.{shared.FirstName}  # one parameter in both");
        Line();
    }

    private void WriteSteps()
    {
        foreach ((CodeStep step, string? heading) in plan.HeadedSteps)
        {
            if (heading is not null)
            {
                Line();
                Line($"        # {heading}");
            }
            string call = _calls.Write(step);
            Line(step.Results.Count == 0 ? $"        {call}" : $"        {_calls.Variables.ResultOf(step)} = {call}");
        }
    }

    private static string MakeTensor(CodeTensor own)
    {
        Tensor tensor = own.Tensor;
        string type = tensor.dtype == ScalarType.Float32 ? "" : $", dtype={PyTorchLiterals.Write(tensor.dtype)}";
        string zeros = $"torch.zeros({PyTorchLiterals.WriteTuple([.. tensor.shape.Select(length => $"{length}")])}{type})";
        return tensor is not Parameter ? $"self.register_buffer(\"{own.Name}\", {zeros})"
            : tensor.requires_grad ? $"self.{own.Name} = nn.Parameter({zeros})"
            : $"self.{own.Name} = nn.Parameter({zeros}, requires_grad=False)";
    }

    private void Line(string text = "") => _code.Append(text).Append('\n');
}
