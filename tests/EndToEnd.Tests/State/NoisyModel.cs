using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>A network that draws random numbers in evaluation mode, between two layers.</summary>
internal sealed class NoisyModel : nn.Module<Tensor, Tensor>
{
    public static readonly string[] Kinds =
    [
        "randn_like",
        "rand_like",
        "randn",
        "rand of a shape",
        "normal_",
        "uniform_",
        "dropout",
        "dropout in place",
        "alpha_dropout",
        "bernoulli",
        "bernoulli_",
        "poisson",
        "gumbel",
        "multinomial",
        "randint_like",
        "randperm",
        "own generator",
    ];

    private readonly Linear first = nn.Linear(10, 16);
    private readonly Linear last = nn.Linear(16, 6);
    private readonly Generator generator = new(3);
    private readonly string kind;

    public NoisyModel(string kind)
        : base(nameof(NoisyModel))
    {
        this.kind = kind;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => last.forward(Disturb(nn.functional.relu(first.forward(input))));

    private Tensor Disturb(Tensor x) =>
        kind switch
        {
            "randn_like" => x + randn_like(x),
            "rand_like" => x * rand_like(x),
            "randn" => x + randn(x.shape[0], x.shape[1]),
            "rand of a shape" => x + rand(x.shape),
            "normal_" => x + zeros_like(x).normal_(),
            "uniform_" => x * empty_like(x).uniform_(0.5, 2),
            "dropout" => nn.functional.dropout(x, 0.5, training: true),
            "dropout in place" => nn.functional.dropout(x.clone(), 0.5, training: true, inplace: true),
            "alpha_dropout" => nn.functional.alpha_dropout(x, 0.5, training: true),
            "bernoulli" => x * torch.bernoulli(ones_like(x) * 0.5),
            "bernoulli_" => x * zeros_like(x).bernoulli_(0.5),
            "poisson" => torch.poisson(x),
            "gumbel" => x - (-(rand_like(x) + 1e-6).log()).log(),
            "multinomial" => x * multinomial(ones_like(x), x.shape[1], true),
            "randint_like" => x * randint_like(x, 1, 9),
            "randperm" => x[randperm(x.shape[0])],
            "own generator" => x + randn(x.shape, generator: generator),
            _ => throw new ArgumentException(kind),
        };
}
