using Newtonsoft.Json;
using static TorchSharp.torch;

namespace TestModules;

/// <summary>A module class of a user's, in a library that has a dependency of its own.</summary>
public sealed class Doubler() : nn.Module<Tensor, Tensor>(nameof(Doubler))
{
    public override Tensor forward(Tensor input) => input * 2;

    public string Describe() => JsonConvert.SerializeObject(new { Name = GetName() });
}
